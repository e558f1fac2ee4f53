//! The socket: made where no living gateway has one, usable by its owner alone, removed at the end.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// How many bytes the path of a Unix socket can have (unix(7): `sun_path` holds 108, the last of them zero).
pub const LONGEST_PATH: usize = 107;

/// Why no socket can be in a folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderProblem {
    /// It is not there, or cannot be looked at.
    #[error("its folder, {0}, cannot be used as one")]
    Missing(PathBuf),
    /// Everybody could put a socket of theirs in its place.
    #[error("every user of this machine can rename what is in its folder, {0}")]
    OpenToAll(PathBuf),
}

/// Whether a socket can be at this path. A folder that all may write to is none, unless it keeps what is another's (`/tmp`).
///
/// # Errors
/// What is wrong with the folder.
pub fn check_folder(socket: &Path) -> Result<(), FolderProblem> {
    let folder = folder_of(socket);
    let missing = || FolderProblem::Missing(folder.to_owned());
    let metadata = fs::metadata(folder).map_err(|_| missing())?;
    if !metadata.is_dir() {
        return Err(missing());
    }
    let (writable, sticky) = (metadata.mode() & 0o002 != 0, metadata.mode() & 0o1000 != 0);
    if writable && !sticky { Err(FolderProblem::OpenToAll(folder.to_owned())) } else { Ok(()) }
}

/// A socket that is bound. Dropping it removes its name.
#[derive(Debug)]
pub struct ControlSocket {
    pub(super) listener: UnixListener,
    pub(super) name: SocketName,
}

/// The name of a socket in its folder, for as long as it is ours.
#[derive(Debug)]
pub(super) struct SocketName {
    path: PathBuf,
    /// Device and file number.
    identity: (u64, u64),
}

impl ControlSocket {
    /// Binds the socket. What a gateway that died left there is replaced; nothing else is.
    ///
    /// # Errors
    /// When a gateway has it, something else is there, or the system refuses.
    pub fn bind(path: &Path) -> io::Result<Self> {
        let told = |error: io::Error| {
            io::Error::new(error.kind(), format!("the control socket {} cannot be made: {error}", path.display()))
        };
        check_folder(path).map_err(|problem| told(io::Error::other(problem)))?;
        let listener = bind(path).map_err(told)?;
        let metadata = fs::symlink_metadata(path).map_err(told)?;
        Ok(Self { listener, name: SocketName { path: path.to_owned(), identity: (metadata.dev(), metadata.ino()) } })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.name.path
    }
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    // Two gateways that start at the same time must not both find the other's socket dead. Where a folder cannot be locked,
    // they take their chance.
    let folder = File::open(folder_of(path))?;
    let _ = folder.lock();
    make_room(path)?;
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Removes a socket at which nobody listens.
fn make_room(path: &Path) -> io::Result<()> {
    let there = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !there.file_type().is_socket() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "there is a file that is no socket; it is left alone"));
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(io::Error::new(ErrorKind::AddrInUse, "a running gateway listens there")),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) => Err(error),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Drop for SocketName {
    fn drop(&mut self) {
        let ours = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino()) == self.identity;
        if fs::symlink_metadata(&self.path).as_ref().is_ok_and(ours) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_dead_gateways_socket_is_replaced_and_a_living_ones_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists(), "the standard library leaves the name");
        let socket = ControlSocket::bind(&path).unwrap();
        assert_eq!(mode(&path), 0o600);
        let refused = ControlSocket::bind(&path).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AddrInUse);
        assert!(refused.to_string().ends_with("a running gateway listens there"), "{refused}");
        assert!(UnixStream::connect(&path).is_ok(), "it still listens");
        drop(socket);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("control.sock");
        fs::write(&path, "a letter").unwrap();
        assert!(ControlSocket::bind(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "a letter");
        fs::remove_file(&path).unwrap();
        let socket = ControlSocket::bind(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let _another = UnixListener::bind(&path).unwrap();
        drop(socket);
        assert!(path.exists(), "another's socket of the same name stays");
    }

    #[test]
    fn a_folder_must_be_one_in_which_a_socket_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("run");
        let socket = inner.join("control.sock");
        assert_eq!(check_folder(&socket), Err(FolderProblem::Missing(inner.clone())));
        fs::create_dir(&inner).unwrap();
        for (mode, fine) in [(0o755, true), (0o775, true), (0o777, false), (0o1777, true)] {
            fs::set_permissions(&inner, Permissions::from_mode(mode)).unwrap();
            assert_eq!(check_folder(&socket).is_ok(), fine, "{mode:o}");
        }
    }
}
