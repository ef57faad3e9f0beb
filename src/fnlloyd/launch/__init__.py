"""Child servers: started, watched, restarted, stopped."""
