using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Values;

/// <summary>Effect of a command on its key, the first argument. It changes only the value, so it can be repeated on a newer one.</summary>
internal delegate Reply KeyOperation(SessionValue value, RespCommand command);
