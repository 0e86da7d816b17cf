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
  const { cause, attempt, maxRetries, delay } = reconnect;
  return `${message}: ${cause}, attempt ${attempt} of ${maxRetries} in ${delay.toFixed(1)} s`;
}
