using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Values;

/// <summary>What a command does to its key: the first argument. It has no effect but on the value, so it can be done again on what is found later.</summary>
internal delegate Reply KeyOperation(SessionValue value, RespCommand command);
