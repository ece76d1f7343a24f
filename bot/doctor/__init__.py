"""What this machine has, lacks, and how to get it: small probes that look, and a report that collects them."""
