// The buyer's page of the simulated Stripe. All addresses are relative.
(function () {
  'use strict';

  var form = document.getElementById('pay');
  var start = document.getElementById('start');
  var bank = document.getElementById('bank');
  var error = document.getElementById('error');

  function show(message, field) {
    error.textContent = message;
    error.hidden = false;
    document.querySelectorAll('[aria-invalid]').forEach(function (input) { input.removeAttribute('aria-invalid'); });
    if (field) field.setAttribute('aria-invalid', 'true');
    (field || error).focus();
  }

  // send posts JSON and obeys the answer. The box is busy meanwhile, so a
  // second tap does nothing here; the server would not charge it twice either.
  function send(box, body) {
    if (box.getAttribute('aria-busy') === 'true') return;
    box.setAttribute('aria-busy', 'true');
    error.hidden = true;
    fetch(box.dataset.action, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body)
    }).then(function (response) { return response.json(); }).then(obey, function () {
      show('The connection broke, so it is not known whether you paid. Open this page again: it will say.');
    }).then(function () { box.removeAttribute('aria-busy'); });
  }

  function obey(answer) {
    var page = location.pathname.split('/').pop();
    if (answer.next) location.replace(answer.next);
    else if (answer.status === 'open') location.replace('../pay/' + answer.session);
    else if (answer.status === 'inactive') location.reload();
    else if (answer.status === 'succeeded') location.replace(page + '?done=1');
    else if (answer.status === 'processing' || answer.status === 'requires_action' || answer.status === 'expired' || bank) location.replace(page);
    else show(answer.message, answer.code === 'email_invalid' ? form.elements.email : answer.code === 'custom_field_invalid' ? unanswered() : null);
  }

  if (start) {
    start.addEventListener('submit', function (event) {
      event.preventDefault();
      var query = new URLSearchParams(location.search);
      var quantities = {};
      start.querySelectorAll('[data-line]').forEach(function (input) { quantities[input.dataset.line] = Number(input.value) || 0; });
      send(start, { reference: query.get('client_reference_id') || '', email: query.get('prefilled_email') || '', quantities: quantities });
    });
  }

  if (form) {
    if (!form.elements.email.value) form.elements.email.value = remember();
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      var value = function (name) { return form.elements[name] ? form.elements[name].value : ''; };
      if (!value('email')) {
        show('Enter your e-mail address: the receipt goes there.', form.elements.email);
        return;
      }
      remember(value('email'));
      var fields = {};
      form.querySelectorAll('[data-field]').forEach(function (input) { fields[input.dataset.field] = input.value; });
      send(form, { email: value('email'), name: value('name'), method: value('method'), card: value('card'), expiry: value('expiry'), cvc: value('cvc'), fields: fields });
    });
    form.addEventListener('change', function (event) {
      if (event.target.name !== 'method') return;
      var way = event.target.value;
      reveal('card-fields', way === 'card');
      reveal('bank-note', way === 'bank');
      reveal('redirect-note', ['card', 'link', 'bank'].indexOf(way) < 0);
    });
    form.addEventListener('click', function (event) {
      var chip = event.target.closest('[data-card], [data-email]');
      if (!chip) return;
      if (chip.dataset.email) form.elements.email.value = chip.dataset.email;
      else form.elements.card.value = chip.dataset.card;
      mark();
    });
    form.addEventListener('input', function (event) {
      if (event.target.name === 'card') mark();
    });
  }

  function reveal(id, shown) {
    var part = document.getElementById(id);
    if (part) part.hidden = !shown;
  }

  // unanswered is the first question without an answer, else the first.
  function unanswered() {
    var inputs = Array.prototype.slice.call(form.querySelectorAll('[data-field]'));
    return inputs.filter(function (input) { return !input.value; })[0] || inputs[0];
  }

  // remember keeps the address over the bank's page, which replaces this one.
  function remember(email) {
    try {
      if (email) sessionStorage.setItem('email', email);
      return sessionStorage.getItem('email') || '';
    } catch (blocked) {
      return '';
    }
  }

  function mark() {
    if (!form.elements.card) return;
    var number = form.elements.card.value.replace(/\D/g, '');
    form.querySelectorAll('[data-card]').forEach(function (chip) {
      chip.setAttribute('aria-pressed', String(chip.dataset.card.replace(/\D/g, '') === number));
    });
  }

  if (bank) {
    bank.addEventListener('click', function (event) {
      var button = event.target.closest('[data-outcome]');
      if (button) send(bank, { outcome: button.dataset.outcome });
    });
  }
})();
