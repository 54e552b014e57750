//! What people send and somebody must look at.

pub mod batches;
pub mod complaints;
