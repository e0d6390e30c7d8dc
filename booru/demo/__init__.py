"""The demonstration: servers, a mail inbox, and somebody who clicks through the site."""
