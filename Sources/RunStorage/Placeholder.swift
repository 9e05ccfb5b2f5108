import AtomicData
