using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Writing;

/// <summary>Checkpoints, and what is looked after before one is signed: that the archive still has all that it covers.</summary>
internal sealed partial class StreamLog
{
    private long _checkpointTried;
    private TimeSpan _checkpointWait;
    private bool _hasCheckpointFailed;

    private async Task CheckpointAsync(bool isLast)
    {
        var uncovered = _state.Size - (_state.Checkpoint?.Checkpoint.Size ?? 0);
        var isDue = _clock.GetElapsedTime(_checkpointTried) >= _checkpointWait
            || ((uncovered >= _options.CheckpointRecords || _spool.Size >= Spool.Due) && !_hasCheckpointFailed);
        if (uncovered == 0 || !(isDue || isLast))
            return;
        (_checkpointTried, _checkpointWait, _hasCheckpointFailed) = (_clock.GetTimestamp(), _options.CheckpointEvery, false);
        try
        {
            await RestoreAsync();
            var signed = await SignAsync();
            _state.Accept(signed);
            _spool.Restart();
            _view = StreamView.Of(_state);
        }
        catch (Exception exception) when (exception is SigningException or ArchiveUnavailableException or FormatException or IOException)
        {
            (_checkpointWait, _hasCheckpointFailed) = (_options.CheckpointRetry, true);
            _observer.CheckpointFailed(_stream, exception.Message);
        }
    }

    /// <summary>An archive may say that it has stored a segment and lose it. The spool has those of this instance.</summary>
    private async Task RestoreAsync()
    {
        var missing = await _archive.MissingAsync(_stream, [.. _state.Uncovered], _stop.Token);
        if (missing.Count == 0)
            return;
        var kept = _spool.Read().Select(content => Kept(_stream, content)).ToDictionary(one => one.Segment.First);
        foreach (var first in missing)
        {
            var name = ArchiveNames.Segment(_stream, first);
            if (!kept.TryGetValue(first, out var segment))
                throw new ArchiveUnavailableException($"{_archive.Address} has lost {name}, which is not in the spool of this instance; if another one wrote it, that one puts it back");
            if (await _archive.TryPutAsync(name, segment.Content, _stop.Token))
                _observer.Restored(_stream, first);
        }
    }

    private async Task<SignedCheckpoint> SignAsync()
    {
        var now = _clock.GetUtcNow();
        var checkpoint = new Checkpoint(
            Entry.Format(now > _state.At ? now : _state.At),
            Checkpoint.FormatName,
            [.. _state.Tree.Roots.Select(root => Hash.Hex(root))],
            _state.Head,
            _signer.PublicKey.Id,
            _state.Checkpoint?.Hash ?? Hash.None,
            Hash.Hex(_state.Tree.Root()),
            _state.Size,
            _stream);
        var signed = await SignedCheckpoint.SignAsync(checkpoint, _signer, _stop.Token);
        _faults.Reach(FaultPoint.CheckpointSigned);
        // Another instance may have signed the same size: then the stream is as well covered.
        if (await _archive.TryPutAsync(ArchiveNames.Checkpoint(_stream, _state.Size), signed.ToBytes(), _stop.Token))
            _observer.CheckpointStored(_stream, _state.Size);
        else
            signed = SignedCheckpoint.Parse(await _archive.ReadAsync(ArchiveNames.Checkpoint(_stream, _state.Size), _stop.Token));
        _faults.Reach(FaultPoint.CheckpointStored);
        return signed;
    }
}
