"""What the plan of the house says, and the rules that hold the code to it."""
