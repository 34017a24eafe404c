"""Jobs, which import and export users and send e-mails."""
