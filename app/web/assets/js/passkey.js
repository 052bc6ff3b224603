// Passkeys need a script: the browser is asked, and its answer is put into a form that is sent like any other.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

const prepared = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: known(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: known(options.allowCredentials) }),
});

const told = (credential) => {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

/** @param {HTMLFormElement} form data-options is where the question comes from; a hidden field takes the answer */
export function passkey(form) {
  if (!window.PublicKeyCredential) return;
  const status = form.querySelector("[role=status]");
  form.hidden = false;
  document.querySelectorAll("[data-without-passkey]").forEach((element) => (element.hidden = true));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    status.textContent = "";
    try {
      const answer = await fetch(form.dataset.options, {
        method: "POST",
        headers: { "X-CSRFToken": form.elements.csrf_token.value },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const publicKey = prepared(await answer.json());
      const credential = publicKey.user
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.answer.value = told(credential);
      form.submit();
    } catch {
      status.textContent = form.dataset.failed;
    }
  });
}
