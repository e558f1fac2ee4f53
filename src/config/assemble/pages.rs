//! The pages.

use super::Builder;
use crate::pages::{Material, Pages, Settings};

impl Builder<'_> {
    pub(super) fn pages(&mut self) -> Option<Pages> {
        let settings = Settings { service_name: self.configuration.service.name.value.clone(), ..Settings::default() };
        Pages::new(settings, Material::default()).ok()
    }
}
