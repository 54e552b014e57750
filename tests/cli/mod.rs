mod crash;
mod doctor;
mod imports;
mod server;
