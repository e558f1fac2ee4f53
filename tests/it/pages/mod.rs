//! The pages as a browser and other judges see them.

mod gallery;
mod well_formed;
