"""What others hold on to by name: rows, saved keys, settings, templates, programs, dashboards of logs."""
