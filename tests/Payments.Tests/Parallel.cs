// Most of these tests wait for nodes, databases and processes that they kill.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
