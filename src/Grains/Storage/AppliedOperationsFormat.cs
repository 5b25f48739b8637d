using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Byte format of a session's recent operations in its state: their number, and for each its id, deadline, version, and the sums preceded by their number plus one, or 0
/// if there are none. Pure.
/// </summary>
internal static class AppliedOperationsFormat
{
    /// <summary>The schema that holds an operation's time where later ones hold its deadline.</summary>
    private const byte SchemaOfTimes = 2;

    public static int MostBytes(ImmutableArray<AppliedOperation> operations)
    {
        int bytes = PackedSize.Number;
        foreach (AppliedOperation operation in operations)
        {
            bytes += PackedSize.Guid + ((3 + (operation.Numbers?.Length ?? 0)) * PackedSize.Number);
        }

        return bytes;
    }

    public static void Write(ref PackedWriter writer, ImmutableArray<AppliedOperation> operations)
    {
        writer.WriteNumber(operations.Length);
        foreach (AppliedOperation operation in operations)
        {
            writer.WriteGuid(operation.Id);
            writer.WriteNumber(operation.UntilMs);
            writer.WriteNumber(operation.Version);
            writer.WriteNumber(operation.Numbers is null ? 0 : operation.Numbers.Length + 1);
            foreach (long number in operation.Numbers ?? [])
            {
                writer.WriteNumber(number);
            }
        }
    }

    public static ImmutableArray<AppliedOperation> Read(ref PackedReader reader, byte schema)
    {
        // Each takes more than one byte, so the allocation is proportional to the input.
        var operations = new AppliedOperation[reader.ReadCount()];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = new AppliedOperation
            {
                Id = reader.ReadGuid(),
                UntilMs = ReadDeadline(ref reader, schema),
                Version = reader.ReadNumber(),
                Numbers = ReadNumbers(ref reader),
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(operations);
    }

    /// <summary>Reads a deadline; the oldest schema holds an operation's time instead.</summary>
    public static long ReadDeadline(ref PackedReader reader, byte schema)
    {
        long number = reader.ReadNumber();
        return schema == SchemaOfTimes && number > 0 ? number + OperationLog.DefaultLifeMs : number;
    }

    private static long[]? ReadNumbers(ref PackedReader reader)
    {
        int count = reader.ReadCount() - 1;
        if (count < 0)
        {
            return null;
        }

        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = reader.ReadNumber();
        }

        return numbers;
    }
}
