namespace HaCluster.Engine.Serving;

/// <summary>Observes every call, successful or not. Called from many threads.</summary>
internal interface ICallObserver
{
    void Began(string method);

    void Ended(string method);

    /// <summary>The peer broke the protocol; <paramref name="problem"/> goes on from "a call of METHOD was malformed: ".</summary>
    void Violated(string method, string problem);

    /// <summary>The peer went away in the middle of a call.</summary>
    void Abandoned(string method);
}
