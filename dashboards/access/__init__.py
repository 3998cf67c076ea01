"""Who may read what: sessions, scopes, the one way to data, its log, and the guard around the web server."""
