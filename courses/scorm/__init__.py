"""SCORM 1.2 and 2004: courseware that trainers bring, and the frame it plays in."""
