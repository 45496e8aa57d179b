"""What grading costs, beside yardsticks that are measured in the same minutes: `script/bench grading`."""
