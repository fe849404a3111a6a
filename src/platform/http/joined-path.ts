import { posix } from 'node:path';

/**
 * The path of a URL under a prefix, as Prometheus makes it of `path_prefix` (notifier/alertmanager.go postPath): Go's path.Join makes it
 * absolute, takes doubled slashes for one and follows `..`; what has no place in a path is percent-encoded, as net/url does.
 */
export function joinedPath(prefix: string, path: string): string {
  return encodedPath(posix.join('/', prefix, path));
}

/** A path percent-encoded as Go's url.URL does it. */
export function encodedPath(path: string): string {
  return encodeURIComponent(path.toWellFormed())
    .replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
