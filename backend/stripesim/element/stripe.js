// A stand-in for Stripe.js that talks to the simulated Stripe it was loaded
// from, or to whoever passes it on: everything is asked for beside this file.
// It has what @stripe/react-stripe-js calls for the Payment Element, and no
// more. The card is typed in a frame of that origin: this page is never told a
// number.
(function () {
  'use strict';

  var home = new URL('.', document.currentScript.src).href;
  var origin = new URL(home).origin;

  function Stripe(key, options) {
    if (!(this instanceof Stripe)) return new Stripe(key, options);
    if (!/^pk_(test|live)_/.test(String(key))) {
      throw new Error('Please call Stripe() with your publishable key. You used an empty string or a secret key.');
    }
    this._key = key;
    this._account = (options && options.stripeAccount) || '';
    this._locale = (options && options.locale) || 'auto';
  }
  Stripe.version = 'basil';

  Stripe.prototype.elements = function (options) { return new Elements(this, options || {}); };
  Stripe.prototype.registerAppInfo = function () {};
  Stripe.prototype._registerWrapper = function () {};

  // Stripe.js has many more calls; wrappers look for these by name.
  ['createToken', 'createPaymentMethod', 'confirmCardPayment', 'handleNextAction'].forEach(function (name) {
    Stripe.prototype[name] = function () {
      return Promise.resolve({ error: { type: 'invalid_request_error', message: 'The simulated Stripe.js has no ' + name + ': it takes payments by confirmPayment only.' } });
    };
  });

  Stripe.prototype.retrievePaymentIntent = function (clientSecret) {
    var body = { key: this._key, account: this._account, client_secret: clientSecret };
    return fetch(home + 'intents/' + encodeURIComponent(intentOf(clientSecret)), {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body)
    }).then(function (response) { return response.json(); }).catch(unreachable);
  };

  // confirmPayment asks the frame to send what was typed in it. Without
  // redirect: 'if_required' it leaves this page when the payment has succeeded.
  Stripe.prototype.confirmPayment = function (options) {
    var elements = options && options.elements;
    var element = elements && elements._payment;
    var back = options && options.confirmParams && options.confirmParams.return_url;
    var stay = options && options.redirect === 'if_required';
    if (!element || !element._frame) return Promise.reject(new Error('confirmPayment() needs elements with a mounted Payment Element.'));
    if (!stay && !back) return Promise.reject(new Error('confirmPayment() needs confirmParams.return_url, or redirect: "if_required".'));
    var secret = options.clientSecret || elements._options.clientSecret;
    if (!secret) return Promise.reject(new Error('confirmPayment() needs a clientSecret.'));
    return element._ask('confirm', { clientSecret: secret }).then(function (answer) {
      if (answer.error || stay) return answer;
      var address = new URL(back, location.href);
      address.searchParams.set('payment_intent', answer.paymentIntent.id);
      address.searchParams.set('payment_intent_client_secret', secret);
      address.searchParams.set('redirect_status', 'succeeded');
      location.assign(address.href);
      return new Promise(function () {}); // the page goes away
    });
  };

  function intentOf(clientSecret) { return String(clientSecret).split('_secret_')[0]; }

  function unreachable() {
    return { error: { type: 'api_connection_error', message: 'We are experiencing issues connecting to our payments provider. Please check your internet connection and try again.' } };
  }

  // Elements is a group; here it holds one Payment Element at most.
  function Elements(stripe, options) {
    this._stripe = stripe;
    this._options = Object.assign({}, options);
    this._payment = null;
  }

  Elements.prototype.create = function (type, options) {
    if (type !== 'payment') throw new Error('The simulated Stripe.js has the Payment Element only, not "' + type + '".');
    if (this._payment) throw new Error('Can only create one Element of type payment.');
    this._payment = new Element(this, options || {});
    return this._payment;
  };

  Elements.prototype.getElement = function (type) {
    return type === 'payment' || (type && type.__elementType === 'payment') ? this._payment : null;
  };

  Elements.prototype.update = function (options) {
    Object.assign(this._options, options);
    if (this._payment) this._payment._tell('options', this._payment._settings());
  };

  // submit checks what was typed, and sends nothing.
  Elements.prototype.submit = function () {
    if (!this._payment || !this._payment._frame) return Promise.resolve({ error: { type: 'validation_error', message: 'The payment form is not there yet.' } });
    return this._payment._ask('submit', {});
  };

  Elements.prototype.fetchUpdates = function () { return Promise.resolve({}); };

  function Element(group, options) {
    this._group = group;
    this._options = options;
    this._listeners = {};
    this._waiting = {};
    this._asked = 0;
    this._frame = null;
    this._hear = this._hear.bind(this);
  }

  Element.prototype.on = function (event, listener) {
    (this._listeners[event] = this._listeners[event] || []).push(listener);
    return this;
  };

  Element.prototype.off = function (event, listener) {
    this._listeners[event] = (this._listeners[event] || []).filter(function (other) { return listener && other !== listener && other._first !== listener; });
    return this;
  };

  Element.prototype.once = function (event, listener) {
    var element = this;
    var wrapped = function (payload) {
      element.off(event, wrapped);
      listener(payload);
    };
    wrapped._first = listener;
    return this.on(event, wrapped);
  };

  Element.prototype._emit = function (event, payload) {
    (this._listeners[event] || []).slice().forEach(function (listener) { listener(payload); });
  };

  Element.prototype.mount = function (where) {
    var parent = typeof where === 'string' ? document.querySelector(where) : where;
    if (!parent) throw new Error('The selector you specified (' + where + ') applies to no DOM elements that are currently on the page.');
    if (this._frame) return;
    var frame = document.createElement('iframe');
    frame.src = home + 'frame';
    frame.title = 'Secure payment input frame';
    frame.setAttribute('allow', 'payment *');
    frame.style.cssText = 'display:block;width:100%;min-height:17rem;border:0;margin:0;padding:0;background:transparent;color-scheme:normal';
    this._frame = frame;
    window.addEventListener('message', this._hear);
    parent.appendChild(frame);
    this._emit('loaderstart', { elementType: 'payment' });
  };

  Element.prototype.unmount = function () {
    if (!this._frame) return;
    window.removeEventListener('message', this._hear);
    if (this._frame.parentNode) this._frame.parentNode.removeChild(this._frame);
    this._frame = null;
    var waiting = this._waiting;
    this._waiting = {};
    Object.keys(waiting).forEach(function (n) {
      waiting[n]({ error: { type: 'api_connection_error', message: 'The payment form went away before the bank answered. Look the payment up before you pay again.' } });
    });
  };

  Element.prototype.destroy = function () {
    this.unmount();
    if (this._group._payment === this) this._group._payment = null;
  };

  Element.prototype.update = function (options) {
    Object.assign(this._options, options);
    this._tell('options', this._settings());
  };

  Element.prototype.focus = function () { this._tell('focus', {}); };
  Element.prototype.blur = function () { this._tell('blur', {}); };
  Element.prototype.clear = function () { this._tell('clear', {}); };
  Element.prototype.collapse = function () {};

  Element.prototype._settings = function () {
    var stripe = this._group._stripe;
    return {
      key: stripe._key, account: stripe._account, locale: stripe._locale,
      clientSecret: this._group._options.clientSecret || '',
      appearance: this._group._options.appearance || {},
      readOnly: Boolean(this._options.readOnly)
    };
  };

  // _tell sends to the frame, and to the simulator's origin alone.
  Element.prototype._tell = function (kind, body) {
    if (this._frame && this._frame.contentWindow) this._frame.contentWindow.postMessage(Object.assign({ stripe: kind }, body), origin);
  };

  Element.prototype._ask = function (kind, body) {
    var element = this;
    var n = ++this._asked;
    return new Promise(function (resolve) {
      element._waiting[n] = resolve;
      element._tell(kind, Object.assign({ n: n }, body));
    });
  };

  Element.prototype._hear = function (event) {
    if (!this._frame || event.source !== this._frame.contentWindow || event.origin !== origin) return;
    var said = event.data || {};
    switch (said.stripe) {
      case 'hello':
        this._tell('options', this._settings());
        break;
      case 'height':
        this._frame.style.height = Math.ceil(Number(said.height) || 0) + 'px';
        break;
      case 'answer':
        if (this._waiting[said.n]) this._waiting[said.n](said.answer);
        delete this._waiting[said.n];
        break;
      case 'change':
        this._emit('change', { elementType: 'payment', complete: said.complete, empty: said.empty, collapsed: false, value: { type: 'card' } });
        break;
      case 'loaderror':
        this._emit('loaderror', { elementType: 'payment', error: said.error });
        break;
      case 'ready': case 'focus': case 'blur': case 'escape':
        this._emit(said.stripe, said.stripe === 'ready' ? this : { elementType: 'payment' });
    }
  };

  window.Stripe = Stripe;
})();
