// The inside of the simulated Payment Element. It alone knows what is typed,
// and sends it to the simulator it came from. It speaks with the page around
// it by messages that carry no card.
(function () {
  'use strict';

  var form = document.getElementById('card-form');
  var bank = document.getElementById('bank');
  var error = document.getElementById('error');
  var settings = null;
  var page = ''; // origin of the page around, once it has spoken
  var busy = false;
  var decide = null; // resolves with the buyer's answer to the bank

  function tell(kind, body) { window.parent.postMessage(Object.assign({ stripe: kind }, body), page || '*'); }

  function loopback(origin) {
    try {
      var host = new URL(origin).hostname;
      return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
    } catch (notAnAddress) {
      return false;
    }
  }

  window.addEventListener('message', function (event) {
    if (event.source !== window.parent || !loopback(event.origin)) return;
    page = event.origin;
    var said = event.data || {};
    switch (said.stripe) {
      case 'options':
        configure(said);
        break;
      case 'submit':
        answer(said.n, typed().error ? { error: show(typed().error) } : { selectedPaymentMethod: 'card' });
        break;
      case 'confirm':
        confirm(said.clientSecret).then(function (result) { answer(said.n, result); });
        break;
      case 'clear':
        form.reset();
        changed();
        break;
      case 'focus':
        form.elements.number.focus();
        break;
      case 'blur':
        if (document.activeElement) document.activeElement.blur();
    }
  });

  function answer(n, result) { tell('answer', { n: n, answer: result }); }

  // configure takes the page's settings; the first time it looks whether the
  // payment is there.
  function configure(said) {
    var first = settings === null;
    settings = said;
    dress(said.appearance || {});
    ['number', 'expiry', 'cvc'].forEach(function (name) { form.elements[name].readOnly = Boolean(said.readOnly); });
    if (!first) return;
    if (!said.clientSecret) {
      tell('ready', {});
      return;
    }
    post('', { client_secret: said.clientSecret }).then(function (result) {
      if (result.error) tell('loaderror', { error: result.error });
      else tell('ready', {});
    });
  }

  function dress(appearance) {
    var look = document.documentElement;
    var variables = appearance.variables || {};
    var names = { colorPrimary: '--primary', colorBackground: '--background', colorText: '--text', colorTextSecondary: '--quiet', colorDanger: '--danger', borderRadius: '--radius' };
    look.dataset.theme = appearance.theme || 'stripe';
    Object.keys(names).forEach(function (name) {
      if (variables[name]) look.style.setProperty(names[name], variables[name]);
      else look.style.removeProperty(names[name]);
    });
  }

  function intentOf(clientSecret) { return encodeURIComponent(String(clientSecret).split('_secret_')[0]); }

  function post(step, body) {
    return fetch('intents/' + intentOf(body.client_secret) + step, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(Object.assign({ key: settings.key, account: settings.account }, body))
    }).then(function (response) { return response.json(); }).catch(function () {
      return { error: { type: 'api_connection_error', message: 'The connection broke, so it is not known whether you paid. Look the payment up before you pay again.' } };
    });
  }

  // typed is the card as it stands, or what is missing of it.
  function typed() {
    var value = function (name) { return form.elements[name].value.trim(); };
    var card = { number: value('number').replace(/[\s-]/g, ''), expiry: value('expiry'), cvc: value('cvc') };
    var lack = function (field, code, message) { return { error: { type: 'validation_error', code: code, message: message }, field: field }; };
    if (!/^\d{12,19}$/.test(card.number)) return { error: lack('number', 'incomplete_number', 'Your card number is incomplete.') };
    if (!/^\d{1,2}\s*\/\s*\d{2}(\d{2})?$/.test(card.expiry)) return { error: lack('expiry', 'incomplete_expiry', 'Your card’s expiration date is incomplete.') };
    if (!/^\d{3,4}$/.test(card.cvc)) return { error: lack('cvc', 'incomplete_cvc', 'Your card’s security code is incomplete.') };
    return { card: card };
  }

  // show tells the buyer, points at the field, and returns the error.
  function show(lack) {
    error.textContent = lack.error.message;
    error.hidden = false;
    ['number', 'expiry', 'cvc'].forEach(function (name) {
      if (name === lack.field) form.elements[name].setAttribute('aria-invalid', 'true');
      else form.elements[name].removeAttribute('aria-invalid');
    });
    (form.elements[lack.field] || error).focus();
    return lack.error;
  }

  function quiet() {
    error.hidden = true;
    ['number', 'expiry', 'cvc'].forEach(function (name) { form.elements[name].removeAttribute('aria-invalid'); });
  }

  function confirm(clientSecret) {
    if (busy) return Promise.resolve({ error: { type: 'invalid_request_error', message: 'This payment is being made already.' } });
    var now = typed();
    if (now.error) return Promise.resolve({ error: show(now.error) });
    busy = true;
    quiet();
    form.setAttribute('aria-busy', 'true');
    return post('/confirm', Object.assign({ client_secret: clientSecret }, now.card)).then(function (result) {
      if (!result.paymentIntent || result.paymentIntent.status !== 'requires_action') return result;
      return ask().then(function (outcome) { return post('/authenticate', { client_secret: clientSecret, outcome: outcome }); });
    }).then(function (result) {
      busy = false;
      form.removeAttribute('aria-busy');
      if (result.error) show({ error: result.error, field: fieldOf(result.error.code) });
      return result;
    });
  }

  function fieldOf(code) {
    if (code === 'incorrect_cvc') return 'cvc';
    if (code === 'invalid_expiry' || code === 'expired_card') return 'expiry';
    return code === 'incorrect_number' || code === 'incomplete_number' ? 'number' : '';
  }

  // ask shows the bank's question in place of the form.
  function ask() {
    form.hidden = true;
    bank.hidden = false;
    bank.querySelector('button').focus();
    return new Promise(function (resolve) { decide = resolve; }).then(function (outcome) {
      bank.hidden = true;
      form.hidden = false;
      return outcome;
    });
  }

  bank.addEventListener('click', function (event) {
    var button = event.target.closest('[data-outcome]');
    if (button && decide) {
      decide(button.dataset.outcome);
      decide = null;
    }
  });

  form.addEventListener('submit', function (event) { event.preventDefault(); }); // the page has the button
  form.addEventListener('input', changed);
  form.addEventListener('focusin', function () { tell('focus', {}); });
  form.addEventListener('focusout', function () { tell('blur', {}); });
  form.addEventListener('keydown', function (event) { if (event.key === 'Escape') tell('escape', {}); });
  form.addEventListener('click', function (event) {
    var chip = event.target.closest('[data-card]');
    if (!chip) return;
    form.elements.number.value = chip.dataset.card;
    form.elements.expiry.value = form.elements.expiry.value || '12 / ' + String(new Date().getFullYear() + 3).slice(2);
    form.elements.cvc.value = form.elements.cvc.value || '123';
    quiet();
    changed();
  });

  function changed() {
    var empty = ['number', 'expiry', 'cvc'].every(function (name) { return !form.elements[name].value; });
    tell('change', { complete: !typed().error, empty: empty });
  }

  if (window.ResizeObserver) {
    new ResizeObserver(function () { tell('height', { height: document.body.scrollHeight }); }).observe(document.body);
  }
  tell('hello', {});
})();
