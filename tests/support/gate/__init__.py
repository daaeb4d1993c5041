"""The gate that every mail of ours passes which a test catches."""
