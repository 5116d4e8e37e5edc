"""Learning from the office's decisions: sentences for training, comparison of models, the change to a better one."""
