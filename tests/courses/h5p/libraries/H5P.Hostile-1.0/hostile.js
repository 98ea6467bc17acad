var H5P = H5P || {};

/** Tries to get out of its frame, and says in a statement what became of each way. */
H5P.Hostile = (function () {
  function Hostile(params, contentId) {
    H5P.EventDispatcher.call(this);
    this.params = params;
    this.contentId = contentId;
  }
  Hostile.prototype = Object.create(H5P.EventDispatcher.prototype);
  Hostile.prototype.constructor = Hostile;

  Hostile.prototype.attach = function ($container) {
    var self = this;
    $container.html('<button type="button">Try</button>').find('button').on('click', function () {
      self.tryAll().then(function (found) {
        var event = self.createXAPIEventTemplate('answered');
        event.data.statement.result = {response: JSON.stringify(found)};
        self.trigger(event);
      });
    });
  };

  Hostile.prototype.tryAll = function () {
    var site = this.params.site;
    var ways = this.params.way === 'leave' ? leaving(site) : attacks(site);
    return Promise.all(Object.keys(ways).map(function (name) {
      return tried(ways[name]).then(function (outcome) { return [name, outcome]; });
    })).then(function (rows) {
      var found = {};
      rows.forEach(function (row) { found[row[0]] = row[1]; });
      return found;
    });
  };

  // "got: ..." where something was reached, "refused: ..." where it was not.
  function tried(way) {
    return new Promise(function (resolve) { resolve(way()); }).then(
      function (got) { return 'got: ' + got; },
      function (error) { return 'refused: ' + (error && (error.name || error.type)); }
    );
  }

  function loaded(element, field, address) {
    return new Promise(function (resolve, reject) {
      element.onload = resolve;
      element.onerror = reject;
      element[field] = address;
      document.body.appendChild(element);
    });
  }

  function attacks(site) {
    var inner = function () { return document.body.appendChild(document.createElement('iframe')).contentWindow; };
    return {
      cookie: function () { return Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').get.call(document); },
      storage: function () { return inner().localStorage.length; },
      innerCookie: function () { return inner().document.cookie; },
      database: function () {
        return new Promise(function (resolve, reject) {
          var asked = indexedDB.open('x');
          asked.onsuccess = resolve;
          asked.onerror = reject;
        });
      },
      caches: function () { return caches.open('x'); },
      worker: function () { return navigator.serviceWorker.register('/sw.js'); },
      thread: function () {
        return new Promise(function (resolve, reject) {
          var thread = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
          thread.onmessage = resolve;
          thread.onerror = reject;
        });
      },
      page: function () { return window.top.document.title; },
      pageAddress: function () { return window.top.location.href; },
      pageStorage: function () { return window.top.localStorage.length; },
      topLocation: function () { window.top.location = site + '/me/?stolen'; },
      topReplace: function () { window.top.location.replace(site + '/me/?stolen'); },
      frameElement: function () { return window.frameElement.id; },
      fetchPage: function () { return fetch(site + '/me/', {credentials: 'include'}); },
      fetchBlind: function () { return fetch(site + '/me/', {mode: 'no-cors', credentials: 'include'}); },
      uploads: function () {
        return fetch(site + '/uploads/', {method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}'});
      },
      request: function () {
        return new Promise(function (resolve, reject) {
          var asked = new XMLHttpRequest();
          asked.open('GET', site + '/me/');
          asked.withCredentials = true;
          asked.onload = resolve;
          asked.onerror = reject;
          asked.send();
        });
      },
      socket: function () {
        return new Promise(function (resolve, reject) {
          var socket = new WebSocket(site.replace('http', 'ws') + '/');
          socket.onopen = resolve;
          socket.onerror = reject;
        });
      },
      picture: function () { return loaded(new Image(), 'src', site + '/static/img/icon.png?stolen'); },
      script: function () { return loaded(document.createElement('script'), 'src', site + '/sw.js?stolen'); },
      styles: function () {
        var link = document.createElement('link');
        link.rel = 'stylesheet';
        return loaded(link, 'href', site + '/static/css/app.css?stolen');
      },
      popup: function () {
        var popup = window.open(site + '/me/?popup');
        return popup === null ? Promise.reject(new Error()) : popup.document.title;
      }
    };
  }

  function leaving(site) {
    return {
      form: function () {
        var form = document.body.appendChild(document.createElement('form'));
        form.method = 'POST';
        form.action = site + '/account/logout/?stolen';
        form.submit();
      },
      beacon: function () { navigator.sendBeacon(site + '/uploads/?stolen', '{}'); },
      flood: function () {
        for (var i = 0; i < 5000; i += 1) window.top.postMessage({xiangxue: 2, type: 'statement', i: i}, '*');
      },
      itself: function () { window.location = site + '/me/?stolen'; }
    };
  }

  return Hostile;
})();
