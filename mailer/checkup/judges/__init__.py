"""What was seen, judged: plain values in, findings out."""
