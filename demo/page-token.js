/**
 * With `TOKEN` set, the server lets in only who has the token: `/?token=…` passes it on to the elements of the page. It
 * is taken out of the address, so that no link, log or screenshot has it. Not part of the package.
 */
const address = new URL(location.href);
export const token = address.searchParams.get('token');

if (token) {
  address.searchParams.delete('token');
  history.replaceState(history.state, '', address);
  for (const element of document.querySelectorAll('nano-webcaster, whep-player, fault-panel')) {
    element.setAttribute('token', token);
  }
}
