"""Backups and the brake: the commands, and the drill for a machine that is lost."""
