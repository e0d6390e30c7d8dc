"""What templates of pages and emails write of users, times, DText and mail."""
