namespace HaCluster.Ledger.Indexing;

/// <summary>Is told what happens to the index: metrics and the log of the service.</summary>
internal interface IIndexObserver
{
    /// <summary>The indexer knows of a stream.</summary>
    void Followed(StreamFollower follower);

    void Failed(string stream, string reason);

    void IndexAway(string reason);

    void IndexBack();

    /// <summary>Nothing more of the stream is indexed, until its archive is consistent.</summary>
    void Stuck(string stream, string reason);

    /// <summary>Records that the archive does not have any more, or never had.</summary>
    void Missing(string stream, long first, long last);

    void Refused(string stream, int records);
}
