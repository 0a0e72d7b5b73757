"""What holds over minutes of faults and kills, and of many commands."""
