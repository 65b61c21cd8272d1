namespace HaCluster.Stack.Logging.Setup;

/// <summary>How a set-up step behaves when it runs again.</summary>
public enum SetupStepKind
{
    /// <summary>PUT replaces.</summary>
    Put,

    /// <summary>PUT makes it; to replace it, the version that is replaced must be named.</summary>
    PutVersion,

    /// <summary>POST makes it; PUT replaces it, and must name the version that it replaces.</summary>
    PostThenPutVersion,

    /// <summary>
    /// POST to each index whose name begins with the last part of the path. A pattern would do in one request, but an asterisk in a path is signed
    /// in one way by this version of curl and in another by that.
    /// </summary>
    PostToEach,
}
