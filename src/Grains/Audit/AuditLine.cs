using System.Globalization;
using OrleansSessions.Contracts;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Audit;

/// <summary>Fields of an audit event in the Redis stream. Pure.</summary>
internal static class AuditLine
{
    private const string KindField = "kind";
    private const string AtField = "at";
    private const string SessionField = "session";
    private const string IncarnationField = "incarnation";
    private const string UserField = "user";
    private const string ReasonField = "reason";
    private const string ActorField = "actor";
    private const string DetailField = "detail";
    private const string SiloField = "silo";
    private const string ImpersonatedByField = "impersonated-by";

    public static NameValueEntry[] Write(AuditEvent line)
    {
        List<NameValueEntry> fields =
        [
            new(KindField, line.Kind.ToString()),
            new(AtField, line.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            new(SessionField, line.SessionKey),
            new(IncarnationField, line.Incarnation.ToString()),
            new(SiloField, line.Silo),
        ];
        Add(UserField, line.User);
        Add(ReasonField, line.Reason?.ToString());
        Add(ActorField, line.Actor);
        Add(DetailField, line.Detail);
        Add(ImpersonatedByField, line.ImpersonatedBy);
        return [.. fields];

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                fields.Add(new NameValueEntry(name, value));
            }
        }
    }

    /// <summary>Reads an entry. Entries that other programs appended to the stream are of kind <see cref="AuditKind.Unknown"/>.</summary>
    public static AuditEvent Read(StreamEntry entry) => new()
    {
        Id = entry.Id.ToString(),
        Kind = Enum.TryParse(entry[KindField], out AuditKind kind) && Enum.IsDefined(kind) ? kind : AuditKind.Unknown,
        At = DateTimeOffset.TryParse(entry[AtField], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : default,
        SessionKey = entry[SessionField].ToString(),
        Incarnation = Guid.TryParse(entry[IncarnationField].ToString(), out Guid incarnation) ? incarnation : default,
        User = entry[UserField],
        Reason = Enum.TryParse(entry[ReasonField], out EndReason reason) ? reason : null,
        Actor = entry[ActorField],
        Detail = entry[DetailField],
        Silo = entry[SiloField].ToString(),
        ImpersonatedBy = entry[ImpersonatedByField],
    };
}
