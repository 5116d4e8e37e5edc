"""Who may open the office's page: accounts, their sign-ins, the one-time links that set passwords. Knows no HTTP."""
