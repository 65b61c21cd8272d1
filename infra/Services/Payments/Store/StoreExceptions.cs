namespace HaCluster.Payments.Store;

/// <summary>The database does not answer, or not as it should: nothing is known to have been changed.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There is such a row already.</summary>
internal sealed class DuplicateException(string message, Exception inner) : Exception(message, inner);

/// <summary>An account would have a negative balance.</summary>
internal sealed class NotCoveredException(string message, Exception inner) : Exception(message, inner);

/// <summary>A change that the schema forbids, whoever asks for it: a defect of this program, or somebody at the database.</summary>
internal sealed class ForbiddenChangeException(string message, Exception inner) : Exception(message, inner);
