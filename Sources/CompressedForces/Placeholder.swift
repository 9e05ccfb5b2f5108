import AtomicData
import COpenBLAS
