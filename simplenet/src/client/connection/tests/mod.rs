mod clocks;
