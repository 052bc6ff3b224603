// Comforts for those whose browser runs scripts. Every page works without this file.
import { leaveQuickly } from "./leave-page.js";
import { suggestWhileTyping } from "./suggestions.js";
import { copyText } from "./copy-text.js";
import { printPage } from "./print-page.js";
import { passkey } from "./passkey.js";
import { adviceLog } from "./advice-log.js";
import { adviceOffline } from "./advice-offline.js";
import { Register } from "./register.js";
import { keypad } from "./keypad.js";
import { LookAgain } from "./look-again.js";

const each = (name, enhance) =>
  document.querySelectorAll(`[data-module="${name}"]`).forEach(enhance);

each("wm-leave", leaveQuickly);
each("wm-suggestions", suggestWhileTyping);
each("wm-copy", copyText);
each("wm-print", printPage);
each("wm-passkey", passkey);
each("wm-advice-log", adviceLog);
each("wm-advice-offline", adviceOffline);
each("wm-register", (form) => new Register(form));
each("wm-keypad", keypad);
each("wm-look-again", (part) => new LookAgain(part));

if (document.querySelector('[data-module^="govuk-"]')) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const kit = await import("./govuk-frontend.min.js");
  kit.createAll(kit.ErrorSummary);
  kit.createAll(kit.CharacterCount);
}
