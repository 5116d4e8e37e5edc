"""What runs by the clock: the jobs (`catalogue`), their doing once by one holder (`runner`), the clockwork."""
