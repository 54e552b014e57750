mod help;
mod names;
