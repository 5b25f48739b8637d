// Links that leave docs/ work in the repository. Here they lead to the page of the site, or else to the repository; without its address only their text stays.
exports.preTransform = function (model) {
  var repository = address(model);
  if (model.conceptual) {
    model.conceptual = model.conceptual
      .replace(/<a href="([^"]*)"[^>]*? sourcefile="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g, function (link, href, source, text) {
        var path = leaving(href, source);
        return path === null ? link
          : path.indexOf("~/") === 0 ? '<a href="' + path + '">' + text + '</a>'
          : repository === null ? text
          : '<a href="' + repository + path + '">' + text + '</a>';
      })
      .replace(/<img src="(?:~|%7E)\/\.\.\/docs\//g, '<img src="~/');
  }

  return model;
};

exports.postTransform = function (model) {
  return model;
};

// Returns the page of the site as "~/page", a path in the repository, or null for a link that needs no change.
function leaving(href, source) {
  if (/^(#|[a-z]+:)/.test(href)) {
    return null;
  }

  var parts = /^([^#]*)(#.*)?$/.exec(href.replace("%7E", "~"));
  var path = (parts[1].indexOf("~/") === 0 ? "docs/" + parts[1].slice(2) : "docs/" + source.replace(/[^/]*$/, "") + parts[1]).split("/");
  for (var up = path.indexOf(".."); up > 0; up = path.indexOf("..")) {
    path.splice(up - 1, 2);
  }

  var file = path.join("/");
  var anchor = parts[2] || "";
  return file === "README.md" ? "~/site/index.md" + anchor
    : /^[A-Z]+\.md$/.test(file) ? "~/site/" + file.toLowerCase() + anchor
    : file.indexOf("docs/") === 0 ? "~/" + file.slice("docs/".length) + anchor
    : file + anchor;
}

// Returns where files of the checkout's origin are shown, with its branch; null if its origin is no web address.
function address(model) {
  var remote = model.source && model.source.remote;
  if (!remote || !remote.repo || !remote.branch) {
    return null;
  }

  var repository = remote.repo.replace(/^git@([^:]*):/, "https://$1/").replace(/(\.git)?\/?$/, "");
  return /^https?:\/\//.test(repository) ? repository + "/blob/" + remote.branch + "/" : null;
}
