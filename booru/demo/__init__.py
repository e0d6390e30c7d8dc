"""The demonstration: servers, a mail inbox and a person who clicks through the site."""
