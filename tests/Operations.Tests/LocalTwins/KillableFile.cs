using HaCluster.Operations.Journal;
using HaCluster.Operations.Tests.Worlds;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>The real file of a journal, whose process can be killed before and after each entry, and whose disk can be full.</summary>
internal sealed class KillableFile(string path, IVictim victim, Func<bool> isFull) : IDurableFile
{
    private const int NoSpace = 28;
    private readonly DurableFile file = DurableFile.Open(path);

    public void Write(byte[] bytes, long offset)
    {
        var entry = NameOf(bytes);
        DieAt($"before entry {entry}");
        if (isFull())
        {
            // As a full disk does it: a part of the line is there.
            file.Write(bytes[..(bytes.Length / 2)], offset);
            throw new IOException("No space left on device", NoSpace);
        }
        file.Write(bytes, offset);
        DieAt($"after entry {entry}");
    }

    public void Truncate(long length)
    {
        if (!victim.IsDead)
            file.Truncate(length);
    }

    public void Replace(byte[] bytes)
    {
        DieAt("before the journal is replaced");
        file.Replace(bytes);
        DieAt("after the journal is replaced");
    }

    public void Dispose() => file.Dispose();

    private void DieAt(string point)
    {
        if (victim.IsDead || victim.Dies(point))
            throw new ProcessKilledException();
    }

    private static string NameOf(byte[] bytes) => JournalFormat.Read([.. Header, .. bytes], "entry", out _)[^1] switch
    {
        OperationBegun => "operation begun",
        RunBegun { Undo: var undo } => undo ? "undo begun" : "run begun",
        StepBegun { Undo: var undo, Step: var step } => $"{step} {(undo ? "undo begun" : "begun")}",
        StepEnded { State: var state, Step: var step } => $"{step} {state}",
        StepFailed { Step: var step } => $"{step} failed",
        RunEnded { State: var state } => $"run ended {state}",
        _ => "note",
    };

    private static readonly byte[] Header = JournalFormat.Write(new OperationBegun(default, OperationBegun.CurrentSchema, "", "", "", new Zones.StopZoneShift(""), [], []));
}
