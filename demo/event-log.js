/** Writes a line into a list for everything that happens. */
export function logInto(list) {
  return (name, detail) => {
    const line = document.createElement('li');
    line.textContent = [new Date().toLocaleTimeString(), name, describe(detail)].filter(Boolean).join('  ');
    list.append(line);
    list.scrollTop = list.scrollHeight;
  };
}

function describe({ data, error }) {
  if (error) return `${error.code} ${error.message}`;
  const { message, reconnect } = data;
  if (!reconnect) return message;
  const { cause, method, attempt, maxRetries, delay, waitingFor } = reconnect;
  const session = attempt > 0 ? `attempt ${attempt} of ${maxRetries}` : 'new session';
  const what = method === 'ice-restart' ? 'ICE restart' : session;
  const when = waitingFor ? `once the ${waitingFor} is back` : delay > 0 ? `in ${delay.toFixed(1)} s` : 'now';
  return `${message}: cause ${cause}, ${what} ${when}`;
}
