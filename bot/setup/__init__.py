"""What an installation needs at AWS before slsdiag can read it, as values and as files to deploy. Pure."""
