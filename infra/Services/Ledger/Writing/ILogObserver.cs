namespace HaCluster.Ledger.Writing;

/// <summary>Is told what happens to streams: metrics and the log of the service.</summary>
internal interface ILogObserver
{
    void Opened(StreamView view);

    /// <param name="size">Records of the stream now.</param>
    void Stored(string stream, int records, long bytes, long size, TimeSpan spool, TimeSpan archive);

    void Repeated(string stream, int records);

    void Refused(string stream, int records);

    /// <param name="records">Numbers that a producer left out.</param>
    void GapSeen(string stream, string producer, long records);

    /// <summary>Another instance wrote the segment; its records were read and this one's put behind them.</summary>
    void Overtaken(string stream);

    void ArchiveAway(string stream, string reason);

    void ArchiveBack(string stream);

    /// <summary>The local disk does not take segments: it is full or broken.</summary>
    void SpoolAway(string stream, string reason);

    void SpoolBack(string stream);

    /// <summary>The archive had lost a segment that it had stored; it has it again.</summary>
    /// <param name="first">Its first record.</param>
    void Restored(string stream, long first);

    void CheckpointStored(string stream, long size);

    void CheckpointFailed(string stream, string reason);

    /// <summary>Nothing more is written to the stream by this process.</summary>
    void Broken(string stream, string reason);
}
