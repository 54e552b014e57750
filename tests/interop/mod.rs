mod atom;
mod calendars;
