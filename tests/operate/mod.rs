mod backup;
mod space;
