/** The spelling of attributes and of DOM events: `video-device` for `videoDevice`, `sign-in-error` for `SignInError`. */
export function kebabCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
}
