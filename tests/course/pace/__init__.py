"""The rules of docs/pace.md, told again and compared with what happens over many lives."""
