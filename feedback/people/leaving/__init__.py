"""Staff who leave: the account sleeps, the work goes to colleagues who may do it."""
